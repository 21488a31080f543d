# A quoted user of two words: the password is still the second.
run   check_mail_imap -H localhost -p @PORT@ --tls=none -s 'x LOGIN "us er" "pa ss word"' -e wrong -vv
S     * OK [CAPABILITY IMAP4rev1] ready
C     x LOGIN "us er" "pa ss word"
S     x NO wrong: pa ss word
C     a1 LOGOUT
S     * BYE bye
S     @TAG@ OK done
exit  0
secret pa ss word
