# On port 993 TLS is the first thing there is.
listen 127.0.0.1 993
namespace
run   check_mail_imap -H localhost -p 993 --ca-file=@CA@
tls
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
