# -E: escapes, and several lines in one.
run   check_mail_pop3 -H localhost -p @PORT@ -E -s 'NOOP\r\nLIST 1\r\n' -s 'X\\\ty'
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     NOOP
S     +OK
C     LIST 1
S     -ERR
C+    X\\\ty\r\n
S     -ERR
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
out+  *time_command=0*time_command_2=0*time_command_3=0*
