# Nor before the login.
run   check_mail_imap -H localhost -p @PORT@ -t 5
S     * OK ready
C     a1 CAPABILITY
endless * OK wait\r\n
within 3
exit  2
out   IMAP CRITICAL - capability: protocol: *
