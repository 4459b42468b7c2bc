"""What a plug-in is: the items and checks it asks for, what it is asked, and the names of its files."""
