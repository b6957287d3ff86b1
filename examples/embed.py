"""Screens one string through libalkfw: python3 embed.py MODEL CODEBOOK TEXT"""
import ctypes as c
import sys


def struct(**fields):
    return type("Struct", (c.Structure,), {"_fields_": list(fields.items())})


Error = struct(status=c.c_int, message=c.c_char * 1024)
Alarm = struct(signal=c.c_char_p, severity=c.c_char_p, score=c.c_double, p_value=c.c_double,
               start=c.c_size_t, end=c.c_size_t)
Verdict = struct(decision=c.c_int, score=c.c_double, p_value=c.c_double, threshold=c.c_double,
                 n_signals=c.c_size_t, signals=c.c_void_p, n_alarms=c.c_size_t, alarms=c.POINTER(Alarm))

lib = c.CDLL("libalkfw.so.0")
lib.alkfw_decision_name.restype = c.c_char_p
model, codebook, text = (argument.encode() for argument in sys.argv[1:])
error, firewall, verdict = Error(), c.c_void_p(), c.POINTER(Verdict)()
if lib.alkfw_open_files(model, codebook, c.byref(firewall), c.byref(error)) or \
        lib.alkfw_scan_text(firewall, text, c.c_size_t(len(text)), c.byref(verdict), c.byref(error)):
    sys.exit(f"embed.py: {error.message.decode()}")
print(lib.alkfw_decision_name(verdict[0].decision).decode(), f"{verdict[0].score:.4f}")
for alarm in verdict[0].alarms[:verdict[0].n_alarms]:
    print(f"{alarm.signal.decode()} in bytes {alarm.start}-{alarm.end}")
decision = verdict[0].decision
lib.alkfw_verdicts_free(verdict, c.c_size_t(1))
lib.alkfw_close(firewall)
sys.exit(decision)
