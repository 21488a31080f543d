# Within the days of the alarm.
run   check_mail_imap -H localhost -p @PORT@ -S --ca-file=@CA@ -D 20,15
tls   cert=expiring:10
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - tls: cert_expiring: *
