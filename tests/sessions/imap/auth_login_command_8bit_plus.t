# With LITERAL+ nobody waits.
file  pass
	grüßdich
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=login
S     * OK [CAPABILITY IMAP4rev1 LITERAL+] ready
C     a1 LOGIN "probe" {10+}
literal
C
S     a1 OK [CAPABILITY IMAP4rev1] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
out   IMAP OK - *
secret grüßdich
