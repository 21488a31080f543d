# BYE in the midst of tidying up: nothing more is said, LOGOUT neither.
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
S     * 1 EXISTS
S     * 1 RECENT
S     * OK [UIDVALIDITY 9] ok
S     a6 OK [READ-WRITE] done
C     a7 UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])
S+    * 1 FETCH (UID 1 RFC822.SIZE @LITERALSIZE@ BODY[] {@LITERALSIZE@}\r\n@LITERAL@)\r\na7 OK done\r\n
C     a8 UID STORE 1 +FLAGS.SILENT (\Deleted)
S     a8 NO not that
C     a9 CLOSE
S     * BYE that was all
S     a9 OK done
eof
exit  2
out   IMAP CRITICAL - expunge: rejected: *
