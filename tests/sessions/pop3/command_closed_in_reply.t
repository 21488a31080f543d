# The connection ends in the middle of a reply: what came so far is no reply.
run   check_mail_pop3 -H localhost -p @PORT@ -s NOOP
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     NOOP
S+    +OK
close
exit  2
out   POP3 CRITICAL - command: closed: *
