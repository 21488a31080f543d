# Where TLS is only welcome it goes on without.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -U probe --password-file=@DIR@/pass -o json
S     * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome
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
json  facts.starttls_error=*
secret hunter2secret
