"""The commands of hatangso, one module each. Heavy imports stay inside the functions: `extract` must start at once."""
