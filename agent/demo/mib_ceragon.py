"""What a Ceragon IP-20 adds: MWRM-RADIO-MIB for its one carrier."""

from __future__ import annotations

from collections.abc import Iterator

from agent.demo.ber import Oid, integer
from agent.demo.cast import FADED_HOP, Hop
from agent.demo.mib_standard import Object, number
from agent.demo.snmp_agent import Value
from agent.demo.world import State

CERAGON_IP20: Oid = (1, 3, 6, 1, 4, 1, 2281, 1, 20, 2, 2)
MWRM: Oid = (1, 3, 6, 1, 4, 1, 2281, 10)
RADIO_INDEX = 268500033  # ifIndex of the radio, of the size that such radios use

_DUPLEX_KHZ = 1_010_000  # between transmit and receive in the 18 GHz band (ITU-R F.595)


def ceragon(hop: Hop, end: int) -> Iterator[Object]:
    """Yield the carrier of the radio at an end (0 or 1) of a hop; what it sends is what the far end receives."""
    up = number(lambda state: state.radio(hop, end).up)
    bit_rate = number(lambda state: state.radio(hop, end).profile.bits_per_second / 1000)
    transmit, receive = (hop.tx_khz, hop.tx_khz + _DUPLEX_KHZ)[:: -1 if end else 1]
    columns: dict[Oid, Value[State]] = {
        (5, 1, 1, 2): number(lambda state: state.radio(hop, end).received_dbm),  # genEquipRfuStatusRxLevel
        (5, 1, 1, 3): integer(20),  # ...TxLevel
        (5, 1, 1, 4): integer(41),  # ...Temperature
        (5, 1, 1, 25): integer(0),  # ...TxMute: off
        (5, 2, 1, 3): integer(transmit),  # genEquipRfuCfgTxFreq
        (5, 2, 1, 4): integer(receive),  # ...RxFreq
        (7, 1, 1, 2): number(lambda state: state.radio(hop, end).mse_db * 100),  # genEquipRadioStatusMSE
        (7, 1, 1, 3): number(lambda state: 3 * state.faded_seconds if hop is FADED_HOP else 0),  # ...DefectedBlocks
        (7, 2, 1, 9): up,  # genEquipRadioCfgRadioOperationalStatus
        (7, 2, 1, 15): bit_rate,  # ...RadioCurrentAvailableCapacity
        (7, 2, 1, 19): integer(round(hop.level_dbm)),  # ...AlarmGenRslNominalLevel
        (7, 2, 1, 20): integer(15),  # ...AlarmGenRslDegradationMargin
        (7, 3, 1, 1, 2): up,  # genEquipRemoteRadioRemoteCommunication
        (7, 3, 1, 1, 4): number(lambda state: state.radio(hop, 1 - end).received_dbm),  # ...RemoteRxLevel
        (7, 4, 1, 1, 3): integer(56_000),  # genEquipRadioMRMCOccupidBandwidth
        **_modulation(hop, end, 5),
        (7, 4, 1, 1, 7): bit_rate,  # ...CurrTxBitrate
        **_modulation(hop, end, 9),
        (7, 4, 1, 1, 11): bit_rate,  # ...CurrRxBitrate
    }
    yield from (((*MWRM, *column, RADIO_INDEX), value) for column, value in columns.items())


def _modulation(hop: Hop, end: int, first: int) -> dict[Oid, Value[State]]:
    """Profile and QAM of one direction: genEquipRadioMRMCCurrTx... from column 5, ...CurrRx... from column 9."""
    return {
        (7, 4, 1, 1, first): number(lambda state: state.radio(hop, end).profile.number),
        (7, 4, 1, 1, first + 1): number(lambda state: state.radio(hop, end).profile.qam),
    }
