"""Names that lead where nothing of ours is: their target gone, free for anybody to take, or somebody else's."""
