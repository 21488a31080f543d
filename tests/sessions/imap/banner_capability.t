# The greeting has the list: nobody asks again.
run   check_mail_imap -H localhost -p @PORT@ -o json
S     * OK [CAPABILITY IMAP4rev1 STARTTLS IDLE] ready to serve
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
json  state=OK
json  facts.banner=*ready to serve*
json  facts.capabilities=[3]
json  facts.capabilities[2]=IDLE
json  phases[*].name=logout
