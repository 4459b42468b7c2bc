"""What a person does at KARTE by hand, prepared and checked: certificate, key and tag."""
