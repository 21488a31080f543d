# Without -E a backslash is one.
run   check_mail_pop3 -H localhost -p @PORT@ -s 'NOOP\r\n'
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C+    NOOP\\r\\n\r\n
S     +OK
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
