"""The demo's invented registers, people and words. Pure: the same random numbers give the same demo."""
