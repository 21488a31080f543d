# In any order, in any letter case, with codes that nobody knows.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * ok [uidnext 8] x
S     * OK [HIGHESTMODSEQ 715194045007] x
S     * OK [MAILBOXID (F2212ea87-6097)] x
S     * ok [X-FOO "]" bar] x
S     * 1 recent
S     * OK [PERMANENTFLAGS ()] x
S     * 42 exists
S     * LIST () "/" INBOX (OLDNAME ("x"))
S     * flags (a b)
S     * OK [UIDVALIDITY 4294967295] x
S     a2 ok [read-only] x
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
json  facts.messages=42
json  facts.recent=1
json  facts.uid_next=8
json  facts.uid_validity=4294967295
