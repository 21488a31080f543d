# An unset macro leaves an empty -s and an empty -q: neither is one. Nor are line ends alone.
run   check_mail_pop3 -H localhost -p @PORT@ -E -s '\r\n' -s '' -q ''
S     +OK ready
C     CAPA
S     -ERR no
C     QUIT
S     +OK
exit  0
out   POP3 OK - *
