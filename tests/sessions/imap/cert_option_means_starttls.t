# -D alone means STARTTLS: there has to be a certificate.
namespace
listen 127.0.0.1 143
listen ::1 143
run   check_mail_imap -H localhost --ca-file=@CA@ -D 20,5
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls   cert=expiring:10
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  1
out   IMAP WARNING - tls: cert_expiring: *
