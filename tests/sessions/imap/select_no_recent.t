# IMAP4rev2 has no RECENT any more.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev2] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     * OK [UIDVALIDITY 7] ok
S     a2 OK [READ-ONLY] done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
json  facts.messages=3
json  facts.recent absent
