# And when something is wrong.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE *
S     a2 NO [NOPERM] not yours
exit  2
json  phase=select
json  cause=rejected
json  reply=a2 NO [NOPERM] not yours
