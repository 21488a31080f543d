# Not offered: in clear.
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -o json
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
json  state=OK
json  facts.starttls_error=*
