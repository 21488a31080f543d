# SELECT opened a mailbox that is not ours: nothing in it is marked, and CLOSE, which would expunge, comes behind EXAMINE only.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --append
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 LIST "" "mailprobe-*"
S     a3 OK done
keep  NAME a4 CREATE "mailprobe-*-*-*-*"
S     a4 OK done
C     a5 APPEND "mailprobe-@NAME@" {*}
literal
C
S     a5 OK [APPENDUID 9 1] done
C     a6 SELECT "mailprobe-@NAME@"
S     * 5000 EXISTS
S     * OK [UIDVALIDITY 7] ok
S     a6 OK [READ-WRITE] done
C     a7 UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])
S+    * 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {5}\r\nhello)\r\n
S+    * 2 FETCH (UID 2 RFC822.SIZE 5 BODY[] {5}\r\nworld)\r\n
S     a7 OK done
C     * EXAMINE "mailprobe-@NAME@"
S     @TAG@ OK done
C     * CLOSE
S     @TAG@ OK done
C     * DELETE "mailprobe-@NAME@"
S     @TAG@ OK done
exit  2
out   IMAP CRITICAL - fetch: *
