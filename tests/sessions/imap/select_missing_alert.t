# An alert is for people to read and says nothing of the mailbox.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     a2 NO [ALERT] the disk is on fire
exit  2
json  cause=mailbox_missing
json  facts.alerts[0]=the disk is on fire
