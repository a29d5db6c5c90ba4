"""Gate `raw`: is this the file we think it is?"""
