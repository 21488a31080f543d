# A line without an end is cut at its limit, not at the end of memory.
run   check_mail_smtp -H localhost -p @PORT@ -t 5
S     220 mx.test
C     EHLO *
endless x
within 3
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
