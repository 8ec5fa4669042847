"""No secret of a configuration is stored; that one has changed is seen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.ssh.mask import masked, masker

MASK = masker(b"k" * 32, "sw-1")
CANARY = "kAnarie-57"

CISCO = """\
enable secret 5 {0}
username admin privilege 15 secret 9 {0}
username old password 7 {0}
snmp-server community {0} RO 10
snmp-server host 10.1.1.1 version 2c {0}
snmp-server host 10.1.1.1 traps version 2c {0}
snmp-server user lab grp v3 auth sha {0} priv aes 128 {0}
tacacs-server key 7 {0}
tacacs-server host 10.1.1.1 key {0} mit Leerzeichen {0}
radius-server host 10.1.1.1 auth-port 1812 acct-port 1813 key 7 {0}
radius server alt
 key 7 {0}
key chain ospf
 key 1
  key-string {0}
crypto isakmp key {0} address 192.0.2.1
ip ospf message-digest-key 1 md5 {0}
neighbor 192.0.2.1 password {0}
ntp authentication-key 1 md5 {0} 7
standby 1 authentication md5 key-string {0}
wpa-psk ascii 7 {0}
line vty 0 4
 password 0 {0} {0}
crypto pki certificate chain TP
 certificate self-signed 01
  30820229 {0}
  quit
-----BEGIN RSA PRIVATE KEY-----
{0}
-----END RSA PRIVATE KEY-----
banner -----BEGIN PRIVATE KEY-----{0}-----END PRIVATE KEY-----
end
"""

MORE_CISCO = """\
username admin password 0 set.{0}
snmp-server host 10.1.1.1 traps version 2c {0} config
snmp mib community-map {0} context x
snmp-server user mon grp v3 encrypted auth sha-2 256 {0} priv des56 {0}
radius server r
 pac key 7 {0}
 authentication remote pre-share key 6 {0}
 vrrp 1 authentication text {0}
 glbp 1 authentication {0}
 standby authentication {0}
 authentication text {0}
 ip nhrp authentication {0}
 sap pmk {0} mode-list gcm
key config-key password-encrypt {0}
 path ftp://user:{0}@10.0.0.1/$h
 http get http://user:{0}:x@10.0.0.1/
 description Kiosk, password {0}
event manager environment _pw {0}
end
"""

NEXUS = """\
username admin password 5 {0} role network-admin
snmp-server user admin network-admin auth md5 {0} priv {0} localizedkey
snmp-server community {0} group network-operator
"""

PROCURVE = """\
password manager user-name "admin" sha1 "{0}"
password operator plaintext {0}
snmp-server community "{0}" unrestricted
snmp-server host 10.1.1.1 community "{0}" trap-level all
snmpv3 user "lab" auth md5 "{0}" priv des "{0}"
snmpv3 community index "30" name "{0}" sec-name "x"
radius-server host 10.1.1.1 key "{0} {0}"
radius-server key {0}
tacacs-server host 10.1.1.1 encrypted-key "{0}"
encrypted-password "x" manager
aaa port-access wpa-psk "{0}"
sntp authentication key-id 1 authentication-mode md5 key-value "{0}" trusted
"""

ROUTEROS = """\
/interface wireguard add name=wg1 private-key="{0}="
/interface wireless security-profiles set [ find default=yes ] wpa2-pre-shared-key={0}
/ppp secret add name=standort password={0} service=l2tp
/ip ipsec identity add peer=x secret="{0} {0}"
/radius add address=10.1.1.1 secret={0} service=login
/snmp community set [ find default=yes ] addresses=10.0.0.0/8 name={0}
/snmp set trap-community={0} trap-version=2
/user add name=x password={0} group=full
/interface wireless security-profiles add static-key-0={0} static-key-1={0}
/interface macsec add cak={0} name=m
/container envs add key=DB name=x value={0}
/system script add name=b source=":local pass \\"{0} {0}\\"; /tool fetch password=\\"{0}\\"\\r\\npassword={0}"
/ip firewall filter add action=accept comment="secret: {0}"
"""

ARUBA_CX = """\
user admin group administrators password ciphertext {0}
snmp-server community {0}
snmpv3 user lab auth sha auth-pass ciphertext {0} priv aes priv-pass ciphertext {0}
radius-server host 10.1.1.1 key ciphertext {0}
tacacs-server key plaintext {0}
snmp-server host 10.1.1.1 trap version v2c community {0}
"""
TEXTS = [CISCO, MORE_CISCO, NEXUS, PROCURVE, ROUTEROS, ARUBA_CX]


@pytest.mark.parametrize("text", TEXTS)
def test_no_secret_is_left(text: str) -> None:
    found = masked(text.format(CANARY), MASK)
    assert [line for line in found.split("\n") if CANARY in line] == []
    assert "<secret:" in found


@pytest.mark.parametrize("text", TEXTS)
def test_another_secret_shows_as_a_change_and_the_same_one_does_not(text: str) -> None:
    first, again, other = (masked(text.format(one), MASK) for one in (CANARY, CANARY, CANARY + "x"))
    assert first == again != other


def test_what_is_no_secret_stays() -> None:
    text = """\
hostname sw-rathaus-1
service password-encryption
password minimum-length 8
aaa authentication login default group tacacs+ local
snmp-server group lesen v3 priv read alles
interface Gi1/0/1
 description Monitor im Keyboard-Raum
key chain ospf
 key 1
/ip address add address=10.0.0.1/24 interface=ether1
/ppp secret add name=x profile=default
ip ssh version 2
spanning-tree mode rstp
ntp server 10.0.0.1 key 1
snmp-server host 10.0.0.1 traps version 3 priv lesen
snmp-server host 10.0.0.1 trap version v3 user mon
password encryption aes
password manager
password configuration-control
no password strength-check
username admin passphrase  lifetime 99999 warntime 7 gracetime 3
 mka pre-shared-key key-chain KC
 description secret lair
 remark password reset kiosk
/interface wifi security add authentication-types=wpa2-psk name=gast
/interface wireguard peers add interface=wg public-key="abc="
crypto pki certificate map CM 10
 certificate storage
interface Gi1/0/2"""
    assert masked(text, MASK) == text


ORDINARY = ("no", "none", "auto", "default", "disable", "set", "add", "policy", "history", "recovery", "password",
            "secret", "configuration-control", "minimum-length", "key", "manager")  # fmt: skip
BEFORE = ("username admin password 0 ", "enable secret 0 ", "enable password ", " password ", "wpa-psk ascii 0 ",
          "radius-server key 0 ", "snmp-server community ", "/ppp secret add name=u password=")  # fmt: skip


@given(st.sampled_from(BEFORE), st.sampled_from(ORDINARY), st.sampled_from(["", ".", "#", "!", "-"]), st.booleans())
def test_a_secret_that_begins_like_an_everyday_word_is_masked(before: str, word: str, mark: str, quoted: bool) -> None:
    secret = f"{word}{mark}{CANARY}" if mark else word
    line = f'{before}"{secret}"' if quoted else f"{before}{secret}"
    assert re.fullmatch(re.escape(before) + r"<secret:[0-9a-f]{8}>", masked(line, MASK))


def test_a_community_that_is_a_word_of_the_language_is_masked_and_its_right_is_not() -> None:
    assert re.fullmatch(r"snmp-server community <secret:\w+> RO", masked("snmp-server community secret RO", MASK))


def test_a_secret_looks_different_on_another_device_and_with_another_key() -> None:
    assert len({masker(b"a" * 32, "x")("s"), masker(b"a" * 32, "y")("s"), masker(b"b" * 32, "x")("s")}) == 3


def test_our_own_password_is_masked_wherever_it_stands() -> None:
    assert CANARY not in masked(f"banner motd {CANARY}", MASK, (CANARY,))


def test_a_block_without_an_end_is_hidden_to_the_end() -> None:
    assert CANARY not in masked(f"-----BEGIN PRIVATE KEY-----{CANARY}\n{CANARY}\n{CANARY}", MASK)


@given(st.text(alphabet='ab "=\\-$\npaswordkey', max_size=200))
def test_any_text_is_masked_without_an_error_and_always_alike(text: str) -> None:
    assert masked(text, MASK) == masked(text, MASK)
