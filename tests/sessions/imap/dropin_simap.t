# check_simap is check_imap -S on port 993.
listen 127.0.0.1 993
namespace
run   check_mail_imap -H localhost -S -p 993 --insecure -e "* OK"
tls
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
