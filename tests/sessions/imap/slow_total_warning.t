# The whole is slower than -w.
run   check_mail_imap -H localhost -p @PORT@ -w 0.2 -c 5
delay 400
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  1
out   IMAP WARNING - total: slow: *
