# Where it was asked before the login as well, this is the second time.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --require=QUOTA
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S     a1 OK done
C     a2 AUTHENTICATE PLAIN *
S     a2 OK logged in
C     a3 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a3 OK done
C     a4 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a4 OK [READ-ONLY] done
C     a5 LOGOUT
S     * BYE bye
S     a5 OK done
exit  2
out   IMAP CRITICAL - capability_2: capability_missing: *QUOTA*
