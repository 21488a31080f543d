# Nor from the reply that makes the verdict.
file  pass
	hunter2secret
skip  json: in JSON a bar is a character like any other
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -vv
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     STAT
S+    -ERR go|away \x1b[31m\xff\xfe "quoted" \\ back %n\r\n
exit  2
out   POP3 CRITICAL - stat: rejected: *
not   *go|away*
secret hunter2secret
