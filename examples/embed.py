"""Screens one string through libalkfw: python3 embed.py MODEL CODEBOOK TEXT"""
import ctypes as c
import sys


class Error(c.Structure):
    _fields_ = [("status", c.c_int), ("message", c.c_char * 1024)]


class Text(c.Structure):
    _fields_ = [("bytes", c.c_char_p), ("n_bytes", c.c_size_t)]


class Verdict(c.Structure):  # the first fields of alkfw_verdict are all that is read here
    _fields_ = [("decision", c.c_int), ("score", c.c_double)]


def check(status):
    if status != 0:
        sys.exit(f"embed.py: {error.message.decode()}")


lib = c.CDLL("libalkfw.so.0")
lib.alkfw_decision_name.restype = c.c_char_p
model, codebook, text = (argument.encode() for argument in sys.argv[1:4])
error, config, firewall, verdict = Error(), c.c_void_p(), c.c_void_p(), c.POINTER(Verdict)()
check(lib.alkfw_config_new(c.byref(config), c.byref(error)))
check(lib.alkfw_config_set(config, b"model", model, b"argument", c.byref(error)))
check(lib.alkfw_config_set(config, b"codebook", codebook, b"argument", c.byref(error)))
check(lib.alkfw_open(config, c.byref(firewall), c.byref(error)))
check(lib.alkfw_scan(firewall, c.byref(Text(text, len(text))), c.c_size_t(1), c.byref(verdict), c.byref(error)))
print(lib.alkfw_decision_name(verdict[0].decision).decode(), f"{verdict[0].score:.4f}")
lib.alkfw_verdicts_free(verdict, c.c_size_t(1))
lib.alkfw_close(firewall)
lib.alkfw_config_free(config)
