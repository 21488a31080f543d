# Alerts in JSON, which has to stay JSON.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json -v
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE *
S+    * OK [ALERT] go|away \x1b[31m\xff\xfe "quoted" \\ back \xed\xa0\x80\r\n* 0 EXISTS\r\na2 OK done\r\n
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
json  facts.alerts[0]=go|away*"quoted" \ back*
