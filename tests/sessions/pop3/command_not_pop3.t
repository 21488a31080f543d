# An answer of another protocol.
run   check_mail_pop3 -H localhost -p @PORT@ -s NOOP
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     NOOP
S     250 OK
exit  2
out   POP3 CRITICAL - command: protocol: *
