# 143 without TLS.
listen 127.0.0.1 143
namespace
run   check_mail_imap -H 127.0.0.1 --tls=none
skip  tls: with it the port is another
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
