# The password as the server knows it, without its backslash.
run   check_mail_imap -H localhost -p @PORT@ --tls=none -s 'x LOGIN user "pa\"ssword"' -e wrong -vv
S     * OK [CAPABILITY IMAP4rev1] ready
C     x LOGIN user "pa\"ssword"
S     x NO wrong: pa"ssword
C     a1 LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  0
secret pa"ssword
