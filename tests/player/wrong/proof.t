# says: the proof is wrong
env   PROBE=right
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-env=PROBE --auth=SCRAM-SHA-256
S     220 mx.test
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256
scram-sha-256 user=probe password=wrong
S     235 ok
exit  2
