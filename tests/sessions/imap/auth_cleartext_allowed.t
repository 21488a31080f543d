# Unless somebody says so.
address 192.0.2.1
listen 192.0.2.1 143
file  pass
	hunter2secret
run   check_mail_imap -H 192.0.2.1 -p 143 -U probe --password-file=@DIR@/pass --tls=none --allow-cleartext-auth
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" "hunter2secret"
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
secret hunter2secret
