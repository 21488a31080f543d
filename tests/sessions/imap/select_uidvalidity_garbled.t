# A UIDVALIDITY that is no number decides nothing.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE *
S     * 1 EXISTS
S     * OK [UIDVALIDITY soon] x
S     * OK [UIDNEXT 99999999999] x
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
json  facts.uid_validity absent
json  facts.uid_next absent
