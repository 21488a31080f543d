# No lap was spent on a login.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * PREAUTH [CAPABILITY IMAP4rev1] welcome
C     a1 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a1 OK [READ-ONLY] done
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
json  facts.auth_mechanism absent
json  values.auth absent
json  facts.messages=3
