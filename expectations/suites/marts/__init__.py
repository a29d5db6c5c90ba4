"""Gate `marts`: is the answer believable?"""
