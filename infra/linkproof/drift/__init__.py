"""Code, state, cloud and world compared: what drifted, is missing, lags, could not be checked, or was accepted."""
