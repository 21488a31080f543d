# More strings beyond ASCII than a command has room for literals.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --search='OR OR OR OR FROM "ä" FROM "ö" FROM "ü" FROM "ß" OR FROM "é" FROM "è"'
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA LITERAL+] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     * OK [UIDVALIDITY 1385659421] ok
S     a2 OK [READ-ONLY] done
C     a3 UID SEARCH CHARSET UTF-8 OR OR OR OR FROM {2+}
literal
C     * FROM {2+}
literal
C     * FROM {2+}
literal
C     * FROM {2+}
literal
C     * FROM {2+}
literal
C     * FROM {2+}
literal
C
S     * SEARCH 1 2
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  0
out   IMAP OK - *
