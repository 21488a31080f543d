# The same in JSON, with an alert and a transcript.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json -v
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     * OK [ALERT] hunter2secret leaked
S     * BYE hunter2secret {base64 hunter2secret}
close
exit  2
json  cause=closed
secret hunter2secret
