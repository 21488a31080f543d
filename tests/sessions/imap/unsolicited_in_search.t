# In the midst of SEARCH.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --search=ALL -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 UID SEARCH *
S     * 4 EXISTS
S     * 1 RECENT
S     * 2 FETCH (FLAGS (\Seen) UID 9)
S     * FLAGS (\Seen)
S     * OK still here
S     * NO disk is rather full
S     * BAD you did nothing wrong
S     * 1 EXPUNGE
S     * VANISHED (EARLIER) 41,43:116
S     * XFOO bar (baz "qu)x" {3}
S     abc NIL)
S     * 3 XBAR
S     * ESEARCH (TAG "a3") UID COUNT 5
S     * 4 EXISTS
S     * 1 RECENT
S     * 2 FETCH (FLAGS (\Seen) UID 9)
S     * FLAGS (\Seen)
S     * OK still here
S     * NO disk is rather full
S     * BAD you did nothing wrong
S     * 1 EXPUNGE
S     * VANISHED (EARLIER) 41,43:116
S     * XFOO bar (baz "qu)x" {3}
S     abc NIL)
S     * 3 XBAR
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  facts.matches=5
