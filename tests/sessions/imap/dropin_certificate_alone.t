# check_imap -D on a port of its own, without -S: TLS at once, as there.
run   check_mail_imap -H localhost -p @PORT@ --ca-file=@CA@ -D 20,5
tls   cert=expiring:10
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  1
out   IMAP WARNING - tls: cert_expiring: *
