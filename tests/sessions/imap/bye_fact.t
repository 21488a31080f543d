# Its reason is a fact.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE *
S     * BYE [UNAVAILABLE] restarting | now
close
exit  2
json  cause=closed
json  phase=select
json  facts.bye=restarting | now
json  reply=* BYE [UNAVAILABLE] restarting | now
