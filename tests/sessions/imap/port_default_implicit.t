# And 993 is where implicit TLS is looked for.
listen 127.0.0.1 993
namespace
run   check_mail_imap -H localhost -S --ca-file=@CA@
tls
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
