# A greeting may take its time, and nothing is said before it.
run   check_mail_imap -H localhost -p @PORT@ -o json
delay 400
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
lasts 0.4
json  values.banner>0.3
