# The mailbox is in use: a mail client would come again.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 NO [INUSE] locked
exit  1
out   IMAP WARNING - auth: tempfail: "*locked"*
