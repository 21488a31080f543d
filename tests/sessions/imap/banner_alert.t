# What people should read reaches them.
run   check_mail_imap -H localhost -p @PORT@ -o json
S     * OK [ALERT] the building closes at six
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a1 OK [ALERT] {5}
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
json  facts.alerts=[2]
json  facts.alerts[0]=the building closes at six
