# IMAP4rev2 has UIDPLUS within it, and NAMESPACE.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --append
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev2] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 NAMESPACE
S     * NAMESPACE (("" "/")) NIL NIL
S     a3 OK done
C     a4 LIST "" "mailprobe-*"
S     a4 OK done
keep  NAME a5 CREATE "mailprobe-*-*-*-*"
S     a5 OK done
C     a6 APPEND "mailprobe-@NAME@" {*}
literal
C
S     a6 OK [APPENDUID 9 1] done
C     a7 SELECT "mailprobe-@NAME@"
S     * 1 EXISTS
S     a7 OK done
C     a8 UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])
S+    * 1 FETCH (UID 1 RFC822.SIZE @LITERALSIZE@ BODY[] {@LITERALSIZE@}\r\n@LITERAL@)\r\na8 OK done\r\n
C     a9 UID STORE 1 +FLAGS.SILENT (\Deleted)
S     a9 OK done
C     a10 UID EXPUNGE 1
S     * 1 EXPUNGE
S     a10 OK done
C     a11 CLOSE
S     a11 OK done
C     a12 DELETE "mailprobe-@NAME@"
S     a12 OK done
C     a13 LOGOUT
S     * BYE bye
S     a13 OK done
exit  0
out   IMAP OK - *
